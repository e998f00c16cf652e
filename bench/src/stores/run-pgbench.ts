// PostgreSQL's own tool on the same tables: the same transaction, from a client that does nothing else.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { BenchResult } from '../result.ts'
import { computeP99 } from './compare-calls.ts'

/** Where Debian puts it, besides the path. */
const debianFolder = '/usr/lib/postgresql'

export async function runPgbench(url: string, schema: string, accounts: number, clients: number, seconds: number): Promise<BenchResult> {
  const name = 'postgres: the same transaction by pgbench'
  const program = await findPgbench()
  if (program === undefined) return { name, figure: 'pgbench is not there: apt-get install postgresql-contrib' }
  const folder = await mkdtemp(join(tmpdir(), 'rondo-pgbench-'))
  try {
    await writeFile(
      join(folder, 'script.sql'),
      [
        `\\set id random(0, ${accounts - 1})`,
        'begin;',
        'select balance, note from account where id = :id;',
        'update account set balance = balance + 1 where id = :id;',
        'insert into entry (id, account, amount) values (1, :id, 1);',
        'commit;',
      ].join('\n'),
    )
    const { hostname, port, username, pathname } = new URL(url)
    const connection = ['-h', hostname, '-p', port, '-U', username]
    const options = ['-n', '-M', 'extended', '-c', String(clients), '-T', String(seconds), '--max-tries=10', '-l', '--log-prefix', join(folder, 'log'), '-f', join(folder, 'script.sql')]
    const env = { ...process.env, PGOPTIONS: `-c search_path=${schema} -c default_transaction_isolation=serializable` }
    await promisify(execFile)(program, [...connection, ...options, pathname.slice(1)], { env })
    const logs = (await readdir(folder)).filter((file) => file.startsWith('log'))
    // One line a transaction: client, number, latency in µs, …
    const lines = (await Promise.all(logs.map((file) => readFile(join(folder, file), 'utf8')))).join('').trim().split('\n')
    const latenciesMs = lines.map((line) => Number(line.split(' ')[2]) / 1000)
    return { name, figure: `${Math.round(lines.length / seconds).toLocaleString('en')}/s, p99 ${computeP99(latenciesMs).toFixed(1)} ms` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function findPgbench(): Promise<string | undefined> {
  const versions = existsSync(debianFolder) ? await readdir(debianFolder) : []
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.map((version) => join(debianFolder, version, 'bin'))]
  return folders.map((folder) => join(folder, 'pgbench')).find(existsSync)
}
