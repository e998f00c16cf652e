// Everything the WebAssembly module exports. Each kernel starts with (begin, end, scratch): the rows it does and private memory.
export { accumulateGram, combineGrams } from './gram'
export { solveRowsByCholesky } from './cholesky-rows'
export { solveRowsByConjugateGradient } from './conjugate-gradient-rows'
export { transposeMatrix } from './transpose'
export { findTopK, scoreRows } from './top-k'
export { findTopKOfEight } from './top-k-eight'
