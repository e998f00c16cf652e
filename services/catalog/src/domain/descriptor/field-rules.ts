// Backstage's rules for the fields of the envelope, after its published validators (Kubernetes' names, loosened).

const isDnsLabel = (text: string): boolean => text.length <= 63 && /^[a-z0-9]+(?:-+[a-z0-9]+)*$/.test(text)
const isDnsSubdomain = (text: string): boolean => text.length <= 253 && text.split('.').every(isDnsLabel)

export const isObjectName = (text: string): boolean => text.length <= 63 && /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(text)
export const isNamespace = isDnsLabel
export const isKind = (text: string): boolean => text.length <= 63 && /^[a-zA-Z][a-z0-9A-Z]*$/.test(text)
export const isTag = (text: string): boolean => text.length <= 63 && /^[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*$/.test(text)
export const isLabelValue = (text: string): boolean => text === '' || isObjectName(text)

/** "[prefix/]version" with a DNS subdomain as prefix. */
export const isApiVersion = (text: string): boolean => isPrefixed(text, (suffix) => suffix.length <= 63 && /^[a-z0-9A-Z]+$/.test(suffix))
/** Keys of labels and annotations: "[prefix/]name". */
export const isQualifiedKey = (text: string): boolean => isPrefixed(text, isObjectName)

/** Addresses a person may safely follow: http, https and mail, or a page of the same site. */
export function isSafeLink(url: string): boolean {
  const scheme = /^\s*([A-Za-z][A-Za-z0-9+.\-\s]*):/.exec(url)?.[1]
  if (scheme === undefined) return !/^\s*\/\//.test(url) && url.trim() !== ''
  return ['http', 'https', 'mailto', 'tel', 'slack'].includes(scheme.replace(/\s/g, '').toLowerCase())
}

function isPrefixed(text: string, isSuffix: (suffix: string) => boolean): boolean {
  const parts = text.split('/')
  if (parts.length === 1) return isSuffix(parts[0] ?? '')
  return parts.length === 2 && isDnsSubdomain(parts[0] ?? '') && isSuffix(parts[1] ?? '')
}
