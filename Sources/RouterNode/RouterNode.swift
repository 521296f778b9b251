// RouterNode
