// PostgreSQL as apt brings it, with a cluster of its own. The user "rondo" needs no password; every other user needs one.
import { existsSync } from 'node:fs'
import { chown, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clientPort, host, type Engine, type Place, type ServerCertificate } from '../engine.ts'
import { errors } from '../errors.ts'
import { assertMayEnter, findUser } from '../install/users.ts'
import { runProgram } from '../install/run-program.ts'

const user = 'postgres'
const aptCommand = ['apt-get', 'install', '-y', '--no-install-recommends', 'postgresql', 'postgresql-client'] as const
const debianFolder = '/usr/lib/postgresql'

export const postgres: Engine = {
  name: 'postgres',
  version: '15 or newer, from apt',
  ports: [15432],
  async install({ say }) {
    const found = await findPrograms()
    if (found !== undefined) return found
    const [program, ...args] = aptCommand
    if (process.getuid?.() !== 0) throw errors.rootNeeded({ engine: 'PostgreSQL', command: aptCommand.join(' ') })
    say('postgres: installing by apt…')
    await runProgram(program, ['update', '-qq'])
    await runProgram(program, args, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
    const installed = await findPrograms()
    if (installed === undefined) throw errors.programMissing({ program: 'initdb', install: aptCommand.join(' ') })
    say('postgres: installed')
    return installed
  },
  async prepare(place) {
    const data = join(place.folder, 'data')
    const runAs = await handOver(place.folder)
    if (existsSync(join(data, 'PG_VERSION'))) await assertReadable(place, data)
    else await runProgram(join(place.software, 'initdb'), ['-D', data, '-U', 'rondo', '-A', 'trust', '--no-locale', '-E', 'UTF8'], { cwd: place.folder, ...runAs })
    if (place.tls !== undefined) await writeCertificate(data, place.tls)
    await writeFile(join(data, 'rondo.conf'), `listen_addresses='${host}'\nport=${clientPort(place)}\nunix_socket_directories=''\nshared_buffers=256MB\nmax_wal_size=2GB\nssl=${place.tls === undefined ? 'off' : 'on'}\n`, { mode: 0o644 })
    const kind = place.tls === undefined ? 'host' : 'hostssl'
    await writeFile(join(data, 'pg_hba.conf'), `${kind} all rondo ${host}/32 trust\n${kind} all all ${host}/32 scram-sha-256\n`)
    const settings = await readFile(join(data, 'postgresql.conf'), 'utf8')
    if (!settings.includes("include 'rondo.conf'")) await writeFile(join(data, 'postgresql.conf'), `${settings}\ninclude 'rondo.conf'\n`)
  },
  command: (place) => ({ program: join(place.software, 'postgres'), args: ['-D', join(place.folder, 'data')] }),
  isReady: (place) => runProgram(join(place.software, 'pg_isready'), ['-q', '-h', host, '-p', String(clientPort(place))]).then(() => true),
  async complete(place) {
    const connection = ['-h', host, '-p', String(clientPort(place)), '-U', 'rondo']
    const names = await runProgram(join(place.software, 'psql'), [...connection, '-d', 'postgres', '-Atc', 'SELECT datname FROM pg_database'])
    if (!names.split('\n').includes('rondo')) await runProgram(join(place.software, 'createdb'), [...connection, 'rondo'])
  },
  readVersion: ({ software }) => readVersion(software),
  url: (place) => `postgres://rondo@${host}:${clientPort(place)}/rondo${place.tls === undefined ? '' : `?sslmode=verify-full&sslrootcert=${encodeURIComponent(place.tls.authorityFile)}`}`,
  // SIGTERM would wait until the last client has gone; SIGINT lets them go.
  stopSignal: 'SIGINT',
  rootRunsAs: user,
  readyWithinMs: 30_000,
  stopWithinMs: 30_000,
}

/** It takes a key only from a file that is its own and nobody else may read. */
async function writeCertificate(data: string, { certificate, key }: ServerCertificate): Promise<void> {
  await writeFile(join(data, 'server.crt'), certificate)
  const file = join(data, 'server.key')
  await writeFile(file, key, { mode: 0o600 })
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await findUser(user)
  await chown(file, uid, gid)
}

/** The newest that Debian has, else the one on the path. */
async function findPrograms(): Promise<string | undefined> {
  const versions = existsSync(debianFolder) ? await readdir(debianFolder) : []
  const newest = versions.filter((name) => existsSync(join(debianFolder, name, 'bin/initdb'))).sort((a, b) => Number(b) - Number(a))[0]
  if (newest !== undefined) return join(debianFolder, newest, 'bin')
  return process.env['PATH']?.split(':').find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** PostgreSQL refuses to run as root: its folder then belongs to the user that apt made. */
async function handOver(folder: string): Promise<{ user?: string }> {
  if (process.getuid?.() !== 0) return {}
  const { uid, gid } = await findUser(user)
  await chown(folder, uid, gid)
  await assertMayEnter(folder, user)
  return { user }
}

async function assertReadable(place: Place, data: string): Promise<void> {
  const found = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  const wanted = (await readVersion(place.software)).split('.')[0] ?? found
  if (found !== wanted) throw errors.dataForeign({ engine: 'postgres', folder: data, found, wanted })
}

/** "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)" → "15.18" */
async function readVersion(software: string): Promise<string> {
  const said = await runProgram(join(software, 'postgres'), ['--version'])
  return /\) (\d+\S*)/.exec(said)?.[1] ?? said
}
