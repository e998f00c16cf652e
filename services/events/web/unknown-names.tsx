// What letters of no known type call themselves, each a way to its letters.
import { formatCount, Link } from '@rondo/ui'
import { listNames, type NameCount } from './list-names.ts'

export function UnknownNames({ types, most }: { types: readonly NameCount[]; most: number }) {
  const { named, more } = listNames(types, most)
  return (
    <>
      {named.map(({ type, count }) => <span key={type}><Link className="link" to={`/events/${encodeURIComponent(type)}/dead`}>{type}</Link> <span className="quiet number">{formatCount(count)}</span></span>)}
      {more > 0 && <span className="quiet">and {formatCount(more)} more</span>}
    </>
  )
}
