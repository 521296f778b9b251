#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The functions behind the distributions, accurate to about twelve digits for what a gate asks of them.
enum SpecialFunctions {
    /// ln Γ(x) for x > 0: Stirling's series, after the argument is moved to where the series is accurate.
    static func logGamma(_ x: Double) -> Double {
        precondition(x > 0)
        var argument = x
        var shift = 0.0
        while argument < 15 {
            shift += log(argument)
            argument += 1
        }
        let square = 1 / (argument * argument)
        // The Bernoulli numbers B₂ₖ / (2k (2k − 1)).
        let series = 1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188)))
        return (argument - 0.5) * log(argument) - argument + 0.5 * log(2 * Double.pi) + series / argument - shift
    }

    /// The regularized incomplete beta function Iₓ(a, b), for a, b > 0 and x within 0…1.
    static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        precondition(a > 0 && b > 0 && x >= 0 && x <= 1)
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
        let front = exp(a * log(x) + b * log1p(-x) - logBeta)
        // The continued fraction converges fast on the side of the mean that x is on; the other side is its complement.
        return x < (a + 1) / (a + b + 2)
            ? front * betaFraction(x, a, b) / a : 1 - front * betaFraction(1 - x, b, a) / b
    }

    /// The continued fraction of the incomplete beta function, evaluated by Lentz's method.
    private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func kept(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / kept(1 - (a + b) * x / (a + 1))
        var fraction = d
        for step in 1...1000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / kept(1 + even * d)
            c = kept(1 + even / c)
            fraction *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / kept(1 + odd * d)
            c = kept(1 + odd / c)
            fraction *= d * c
            if (d * c - 1).magnitude < 1e-15 { break }
        }
        return fraction
    }

    /// The x for which Iₓ(a, b) is `probability`, by bisection to the last digit.
    static func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if regularizedBeta(middle, a, b) < probability { low = middle } else { high = middle }
        }
    }
}
