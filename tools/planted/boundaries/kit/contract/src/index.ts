// Planted: harmless.
export const defineContract = (value: object): object => value
