// The strictest mark of personal data among an endpoint's columns: what its tag says.
import type { EndpointRow } from '@rondo/pipelines/contract'

export function strictest(row: Pick<EndpointRow, 'columns'>): 'none' | 'narrow' | 'strict' {
  const marks = new Set(row.columns.map((column) => column.personal))
  return marks.has('strict') ? 'strict' : marks.has('narrow') ? 'narrow' : 'none'
}
