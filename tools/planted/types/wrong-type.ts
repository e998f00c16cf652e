// Planted: a number that says it is text.
export const name: string = 42
