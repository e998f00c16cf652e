// What can go wrong on the way from source to module.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  notCompiled: entry({
    code: 'KERNEL_NOT_COMPILED',
    kind: 'unavailable',
    message: (d: { name: string; output: string }) => `The kernel "${d.name}" could not be compiled:\n${d.output}`,
    help: 'Its sources must be beside the package, and the package "assemblyscript" must be installed (npm install).',
  }),
})
