// Planted: harmless.
export const insideOfPipelines = 1
