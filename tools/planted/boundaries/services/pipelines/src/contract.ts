// Planted: harmless.
export const pipelinesContract = {}
