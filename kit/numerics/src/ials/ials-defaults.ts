// The settings training starts from, and where they come from.

export type IalsHyperparameters = {
  /** Length of a factor. Any number from 1; multiples of 8 waste nothing. */
  dimensions: number
  epochs: number
  /** Weight of a pair without an entry, whose preference is taken to be 0. */
  alpha0: number
  /** lambda; a row's ridge is lambda * (its entries + alpha0 * number of columns)^nu. */
  regularization: number
  /** 0: every row alike. 1: as often as the row is seen in the loss. */
  nu: number
}

export const IALS_DEFAULTS: Readonly<IalsHyperparameters> = { dimensions: 64, epochs: 10, alpha0: 0.1, regularization: 0.003, nu: 1 }
