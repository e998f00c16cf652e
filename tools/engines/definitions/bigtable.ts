// Google's Bigtable emulator, in memory: what is stopped forgets everything.
import { join } from 'node:path'
import { clientPort, host, type Engine } from '../engine.ts'
import { installByGo } from '../install/install-by-go.ts'
import { isListening } from '../process/ports.ts'

const version = '1.58.0'

export const bigtable: Engine = {
  name: 'bigtable',
  version,
  ports: [18086],
  install: (installer) => installer.installOnce('bigtable', version, (folder) => installByGo(folder, `cloud.google.com/go/bigtable/cmd/emulator@v${version}`)),
  prepare: async () => {},
  command: (place) => ({ program: join(place.software, 'bin/emulator'), args: ['-host', host, '-port', String(clientPort(place))] }),
  isReady: (place) => isListening(clientPort(place)),
  url: (place) => `bigtable://rondo/rondo?emulator=${host}:${clientPort(place)}`,
  env: (place) => ({ BIGTABLE_EMULATOR_HOST: `${host}:${clientPort(place)}` }),
  readyWithinMs: 10_000,
  stopWithinMs: 5_000,
}
