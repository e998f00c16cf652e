// The pipelines room: what the composition imports.
export {}
