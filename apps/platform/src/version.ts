// The version that help, info and logs show.
import manifest from '../package.json' with { type: 'json' }

export const VERSION: string = manifest.version
