// An engine of a few lines, so that starting and stopping is tested in moments: it listens, keeps a file, and misbehaves when told to.
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInstaller, type Installer } from '../install/installer.ts'
import { clientPort, host, type Engine } from '../engine.ts'
import { isListening } from '../process/ports.ts'

export type Behaviour = 'well' | 'deaf' | 'dies' | 'silent'

const script = `
const [port, behaviour] = process.argv.slice(1)
if (behaviour === 'dies') { console.log('no licence found'); process.exit(3) }
if (behaviour === 'deaf') process.on('SIGTERM', () => console.log('not now'))
else process.on('SIGTERM', () => { console.log('clean end'); process.exit(0) })
if (behaviour === 'silent') setInterval(() => {}, 1000)
else require('node:net').createServer(() => {}).listen(Number(port), '${host}', () => console.log('listening'))
`

/** Under the name of a real one, since a set knows those only. */
export function createFakeEngine(behaviour: Behaviour): Engine {
  return {
    name: 's3',
    version: '1.0',
    ports: [1],
    install: (installer) => installer.installOnce('fake', '1.0', async () => {}),
    async prepare(place) {
      await mkdir(join(place.folder, 'data'), { recursive: true })
      await appendFile(join(place.folder, 'data/starts'), 'x')
    },
    command: (place) => ({ program: process.execPath, args: ['-e', script, String(clientPort(place)), behaviour] }),
    isReady: (place) => isListening(clientPort(place)),
    url: (place) => `s3://${host}:${clientPort(place)}/fake`,
    readyWithinMs: behaviour === 'silent' ? 300 : 20_000,
    stopWithinMs: behaviour === 'deaf' ? 200 : 20_000,
  }
}

export function createQuietInstaller(cache: string): Installer & { said: string[] } {
  const said: string[] = []
  return { ...createInstaller(cache, (line) => void said.push(line)), said }
}
