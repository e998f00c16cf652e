// Planted: harmless.
export const row = 1
