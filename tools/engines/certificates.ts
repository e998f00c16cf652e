// Certificates of an authority of a test's own, by openssl: for engines that speak TLS, and for those that pretend to be them.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerCertificate } from './engine.ts'
import { runProgram } from './install/run-program.ts'

export type Authority = AsyncDisposable & {
  /** Its own certificate, as PEM. */
  readonly file: string
  /** For a server of these names, e.g. "127.0.0.1" or "db.example". */
  issue(...names: [string, ...string[]]): Promise<ServerCertificate>
}

const DAYS = '2'
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** `await using authority = await createAuthority()` */
export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-authority-'))
  const openssl = (...args: string[]): Promise<string> => runProgram('openssl', args, { cwd: folder })
  await openssl('req', '-x509', ...NEW_KEY, '-days', DAYS, '-keyout', 'authority.key', '-out', 'authority.pem', '-subj', '/CN=authority of a test')
  let count = 0
  return {
    file: join(folder, 'authority.pem'),
    async issue(...names) {
      count += 1
      const [key, request, certificate, extensions] = ['key', 'csr', 'pem', 'cnf'].map((end) => `server-${count}.${end}`) as [string, string, string, string]
      await writeFile(join(folder, extensions), `subjectAltName=${names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',')}\n`)
      await openssl('req', '-new', ...NEW_KEY, '-keyout', key, '-out', request, '-subj', `/CN=${names[0]}`)
      await openssl('x509', '-req', '-in', request, '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-days', DAYS, '-extfile', extensions, '-out', certificate)
      return { certificate: await readFile(join(folder, certificate), 'utf8'), key: await readFile(join(folder, key), 'utf8'), authorityFile: join(folder, 'authority.pem') }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
