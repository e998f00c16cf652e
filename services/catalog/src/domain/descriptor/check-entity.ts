// One document against the rules of the envelope and of its kind. Findings carry paths; places are added by who knows the text.
import { isRecord } from '@rondo/contract'
import type { Entity } from '../entity.ts'
import { findRef } from '../entity-ref.ts'
import { isApiVersion, isKind, isLabelValue, isNamespace, isObjectName, isQualifiedKey, isSafeLink, isTag } from './field-rules.ts'
import { findKindRule, knownKinds, type FieldType, type KindRule } from './kinds.ts'
import type { Path } from './read-documents.ts'

export type Finding = { severity: 'error' | 'warning'; code: string; message: string; help: string; path: Path }

/** `entity` is undefined where the document has no kind or name to be known by. */
export function checkEntity(value: unknown): { entity: Entity | undefined; findings: Finding[] } {
  const findings: Finding[] = []
  const error = (code: string, path: Path, message: string, help: string): void => void findings.push({ severity: 'error', code, path, message, help })
  const warning = (code: string, path: Path, message: string, help: string): void => void findings.push({ severity: 'warning', code, path, message, help })

  if (!isRecord(value)) {
    error('NOT_AN_ENTITY', [], 'The document is not a mapping.', 'Begin with apiVersion, kind, metadata and spec.')
    return { entity: undefined, findings }
  }
  const { apiVersion, kind, metadata, spec } = value
  if (typeof apiVersion !== 'string' || !isApiVersion(apiVersion)) error('API_VERSION_INVALID', ['apiVersion'], `apiVersion is ${show(apiVersion)}.`, 'Write apiVersion: backstage.io/v1alpha1')
  if (typeof kind !== 'string' || !isKind(kind)) error('KIND_INVALID', ['kind'], `kind is ${show(kind)}.`, `Write one of ${knownKinds.join(', ')}.`)
  if (!isRecord(metadata)) {
    error('METADATA_MISSING', ['metadata'], `metadata is ${show(metadata)}.`, 'Write metadata: with a name below it.')
    return { entity: undefined, findings }
  }
  const { name, namespace } = metadata
  if (typeof name !== 'string' || !isObjectName(name)) {
    error('NAME_INVALID', ['metadata', 'name'], `metadata.name is ${show(name)}.`, 'Use letters, digits, "-", "_" and ".", at most 63, beginning and ending with a letter or digit.')
  }
  if (namespace !== undefined && (typeof namespace !== 'string' || !isNamespace(namespace))) {
    error('NAMESPACE_INVALID', ['metadata', 'namespace'], `metadata.namespace is ${show(namespace)}.`, 'Use lower-case letters, digits and single "-", at most 63.')
  }
  checkMetadata(metadata, error)
  checkLocations(metadata['annotations'], warning)
  if (typeof kind !== 'string' || typeof name !== 'string') return { entity: undefined, findings }

  if (spec !== undefined && !isRecord(spec)) error('SPEC_INVALID', ['spec'], `spec is ${show(spec)}.`, 'Write spec: with fields below it.')
  const known = findKindRule(kind)
  if (known === undefined) {
    warning('KIND_UNKNOWN', ['kind'], `The kind "${kind}" is not known here; it is kept as it is.`, `Known kinds are ${knownKinds.join(', ')}.`)
  } else if (typeof apiVersion === 'string' && isApiVersion(apiVersion) && !known.rule.apiVersions.includes(apiVersion)) {
    warning('API_VERSION_UNKNOWN', ['apiVersion'], `"${apiVersion}" is not a version of ${known.kind} known here; its spec is not checked.`, `Use ${known.rule.apiVersions.join(' or ')}.`)
  } else checkSpec(known.kind, known.rule, isRecord(spec) ? spec : undefined, error)
  return { entity: value as Entity, findings }
}

const locationAnnotations: Record<string, string[]> = {
  'backstage.io/source-location': ['url', 'file'],
  'backstage.io/techdocs-ref': ['dir', 'url'],
}

type Report = (code: string, path: Path, message: string, help: string) => void

function checkMetadata(metadata: Record<string, unknown>, error: Report): void {
  for (const field of ['title', 'description']) {
    const value = metadata[field]
    if (value !== undefined && value !== null && typeof value !== 'string') error('TEXT_EXPECTED', ['metadata', field], `metadata.${field} is ${show(value)}.`, 'Put it in quotes.')
  }
  for (const field of ['labels', 'annotations'] as const) {
    const value = metadata[field]
    if (value === undefined || value === null) continue
    if (!isRecord(value)) {
      error('MAPPING_EXPECTED', ['metadata', field], `metadata.${field} is ${show(value)}.`, `Write ${field}: with "key: value" lines below it.`)
      continue
    }
    for (const [key, one] of Object.entries(value)) {
      const path = ['metadata', field, key]
      if (!isQualifiedKey(key)) error('KEY_INVALID', path, `"${key}" is not a valid key of ${field}.`, 'Use [domain/]name, for instance "example.com/tier".')
      if (typeof one !== 'string') error('TEXT_EXPECTED', path, `metadata.${field}.${key} is ${show(one)}.`, 'Put it in quotes.')
      else if (field === 'labels' && !isLabelValue(one)) error('LABEL_INVALID', path, `The label ${key} is "${one}".`, 'Use letters, digits, "-", "_" and ".", at most 63.')
    }
  }
  checkTags(metadata['tags'], error)
  checkLinks(metadata['links'], error)
}

/** Annotations that hold a location must say of which type it is, else Backstage reads "https" as the type. */
function checkLocations(annotations: unknown, warning: Report): void {
  if (!isRecord(annotations)) return
  for (const [key, types] of Object.entries(locationAnnotations)) {
    const value = annotations[key]
    if (typeof value === 'string' && !types.some((type) => value.startsWith(`${type}:`))) {
      warning('LOCATION_WITHOUT_TYPE', ['metadata', 'annotations', key], `${key} is "${value}".`, `Begin with ${types.map((type) => `"${type}:"`).join(' or ')}.`)
    }
  }
}

function checkTags(tags: unknown, error: Report): void {
  if (tags === undefined || tags === null) return
  if (!Array.isArray(tags)) return error('LIST_EXPECTED', ['metadata', 'tags'], `metadata.tags is ${show(tags)}.`, 'Write a list of words.')
  tags.forEach((tag: unknown, index) => {
    if (typeof tag !== 'string' || !isTag(tag)) error('TAG_INVALID', ['metadata', 'tags', index], `The tag ${show(tag)} is not valid.`, 'Use lower-case letters, digits, ":", "+", "#" and single "-", at most 63.')
  })
}

function checkLinks(links: unknown, error: Report): void {
  if (links === undefined || links === null) return
  if (!Array.isArray(links)) return error('LIST_EXPECTED', ['metadata', 'links'], `metadata.links is ${show(links)}.`, 'Write a list of {url, title}.')
  links.forEach((link: unknown, index) => {
    const url = isRecord(link) ? link['url'] : undefined
    if (typeof url !== 'string') error('LINK_INVALID', ['metadata', 'links', index], `The link has the url ${show(url)}.`, 'Write url: https://…')
    else if (!isSafeLink(url)) error('LINK_UNSAFE', ['metadata', 'links', index, 'url'], `The link "${url}" could run code in the reader's browser.`, 'Use an https address.')
  })
}

function checkSpec(kind: string, rule: KindRule, spec: Record<string, unknown> | undefined, error: Report): void {
  if (spec === undefined) {
    if (rule.specRequired) error('SPEC_MISSING', ['spec'], `${kind} has no spec.`, `Write spec: with ${Object.keys(rule.required).join(', ')}.`)
    return
  }
  // A server of the Model Context Protocol is described by its addresses instead of a definition.
  const fields = kind === 'API' && spec['type'] === 'mcp-server' ? { ...rule, required: { ...rule.required, definition: undefined } } : rule
  for (const [field, type] of Object.entries(fields.required)) {
    if (type === undefined) continue
    if (spec[field] === undefined || spec[field] === null) error('FIELD_MISSING', ['spec', field], `${kind} needs spec.${field}.`, `Write ${field}: ${example(type, field)}`)
    else checkField(kind, rule, field, type, spec[field], error)
  }
  for (const [field, type] of Object.entries(rule.optional)) {
    if (spec[field] !== undefined && spec[field] !== null) checkField(kind, rule, field, type, spec[field], error)
  }
}

function checkField(kind: string, rule: KindRule, field: string, type: FieldType, value: unknown, error: Report): void {
  if (isPlaceholder(value)) return
  const path = ['spec', field]
  const wrong = (): void => error('FIELD_INVALID', path, `spec.${field} of ${kind} is ${show(value)}.`, `Write ${field}: ${example(type, field)}`)
  const checkRef = (text: unknown, at: Path): void => {
    if (typeof text !== 'string' || text.trim() === '') error('REF_INVALID', at, `${at.join('.')} is ${show(text)}.`, 'Write a reference: [kind:][namespace/]name')
    else if (findRef(text, { kind: rule.refKinds[field] ?? 'x' }) === undefined) error('REF_INVALID', at, `"${text}" is not a reference.`, 'Write [kind:][namespace/]name, for instance group:default/squad-events')
    else if (rule.refKinds[field] === undefined && !text.includes(':')) error('REF_WITHOUT_KIND', at, `"${text}" in ${field} names no kind.`, `Write for instance component:${text} or resource:${text}`)
  }
  if (type === 'text') {
    if (typeof value !== 'string' || value === '') wrong()
  } else if (type === 'ref') checkRef(value, path)
  else if (type === 'refs') {
    if (!Array.isArray(value)) wrong()
    else value.forEach((one: unknown, index) => checkRef(one, [...path, index]))
  } else if (type === 'texts') {
    if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) wrong()
  } else if (type === 'list') {
    if (!Array.isArray(value) || value.length === 0) wrong()
  } else if (type === 'object') {
    if (typeof value !== 'object') wrong()
  } else if (typeof value !== 'boolean') wrong()
}

/** `$text: ./openapi.yaml` and its like are filled in where the file is read. */
function isPlaceholder(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 1 && (Object.keys(value)[0] ?? '').startsWith('$')
}

function example(type: FieldType, field: string): string {
  if (type === 'ref') return field === 'owner' ? 'group:default/squad-events' : '[kind:][namespace/]name'
  if (type === 'refs' || type === 'texts') return '[]'
  return { text: 'some text', list: 'a list', object: 'a mapping', boolean: 'true' }[type]
}

function show(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
