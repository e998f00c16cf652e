// The normal distribution to machine precision.

// W. J. Cody, "Rational Chebyshev approximation for the error function", Math. Comp. 23 (1969): coefficients of CALERF.
const A = [3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3, 1.85777706184603153e-1]
const B = [2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3]
const C = [5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2, 8.8195222124176909e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3, 2.15311535474403846e-8]
const D = [1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3]
const P = [3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4, 1.63153871373020978e-2]
const Q = [2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3]
const INVERSE_SQRT_PI = 0.5641895835477563

/** 1 − erf(x). */
export function computeErfc(x: number): number {
  const y = Math.abs(x)
  if (y <= 0.46875) return 1 - x * ratio(A, B, y * y, 4)
  let result: number
  if (y <= 4) result = ratio(C, D, y, 8)
  else {
    const z = 1 / (y * y)
    result = (INVERSE_SQRT_PI - z * ratio(P, Q, z, 5)) / y
  }
  // exp(−y²) in two factors, so that y² loses no digits.
  const coarse = Math.trunc(y * 16) / 16
  result *= Math.exp(-coarse * coarse) * Math.exp(-(y - coarse) * (y + coarse))
  return x < 0 ? 2 - result : result
}

/** P(Z ≤ z). */
export const computeNormalCdf = (z: number): number => 0.5 * computeErfc(-z * Math.SQRT1_2)
/** P(Z > z), exact far out in the tail. */
export const computeNormalTail = (z: number): number => 0.5 * computeErfc(z * Math.SQRT1_2)
export const computeNormalDensity = (z: number): number => 0.3989422804014327 * Math.exp(-0.5 * z * z)

// M. J. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988).
const MIDDLE = [[3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727], [1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061, 28729.085735721942674, 5226.495278852854561]] as const
const NEAR = [[1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4], [1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9]] as const
const FAR = [[6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7], [1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15]] as const

/** z with P(Z ≤ z) = p; ±Infinity at 1 and 0, NaN outside. */
export function computeNormalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * quotient(MIDDLE, 0.180625 - q * q)
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const z = r <= 5 ? quotient(NEAR, r - 1.6) : quotient(FAR, r - 5)
  return q < 0 ? -z : z
}

/** z with P(Z > z) = p: keeps its digits for tiny p. */
export const computeNormalTailQuantile = (p: number): number => -computeNormalQuantile(p)

/** The quotient of CALERF: the numerator's last coefficient leads, the denominator is monic. */
function ratio(numerator: readonly number[], denominator: readonly number[], x: number, degree: number): number {
  let top = (numerator[degree] as number) * x
  let bottom = x
  for (let i = 0; i < degree - 1; i += 1) {
    top = (top + (numerator[i] as number)) * x
    bottom = (bottom + (denominator[i] as number)) * x
  }
  return (top + (numerator[degree - 1] as number)) / (bottom + (denominator[degree - 1] as number))
}

function quotient([top, bottom]: readonly [readonly number[], readonly number[]], x: number): number {
  return top.reduceRight((sum, coefficient) => sum * x + coefficient, 0) / bottom.reduceRight((sum, coefficient) => sum * x + coefficient, 0)
}
