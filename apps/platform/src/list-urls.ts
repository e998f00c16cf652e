// Where a server can be reached: "0.0.0.0" is where it listens, and nobody's address.
import { networkInterfaces } from 'node:os'

const EVERYWHERE = ['0.0.0.0', '::', '[::]', '']

/** One for each address of this machine when it listens at all of them, that of other machines first and loopback last; else the one it is bound to. */
export function listUrls(bind: string, port: number, interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces()): string[] {
  if (!EVERYWHERE.includes(bind)) return [toUrl(bind, port)]
  const families = bind === '0.0.0.0' ? ['IPv4'] : ['IPv4', 'IPv6']
  const reachable = Object.values(interfaces).flatMap((addresses = []) => addresses.filter(({ internal, family, address }) => !internal && families.includes(family) && !address.startsWith('fe80:')))
  return [...reachable.toSorted((a, b) => families.indexOf(a.family) - families.indexOf(b.family)).map(({ address }) => address), '127.0.0.1'].map((host) => toUrl(host, port))
}

function toUrl(host: string, port: number): string {
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
}
