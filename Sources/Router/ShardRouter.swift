package import Bytes
package import WAMP
