// Where a page may lead back to: nowhere but this portal.

/** A path of this origin with its query; "/" for anything that leads elsewhere. */
export function toLocalPath(text: string): string {
  if (!text.startsWith('/') || !URL.canParse(text, 'http://here')) return '/'
  const { origin, pathname, search } = new URL(text, 'http://here')
  return origin === 'http://here' && !pathname.startsWith('//') ? `${pathname}${search}` : '/'
}
