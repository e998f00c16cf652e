// What the `spec` of each kind holds, after Backstage's published schemas; kinds that are not here are kept and flagged.

/** `text`: non-empty. `ref`: a reference; `refs`: a list of them. `object`, `list`: of any content. */
export type FieldType = 'text' | 'ref' | 'refs' | 'texts' | 'object' | 'list' | 'boolean'

export type KindRule = {
  apiVersions: string[]
  required: Record<string, FieldType>
  optional: Record<string, FieldType>
  /** Kind that a reference means when it names none. */
  refKinds: Record<string, string>
  specRequired: boolean
}

const core = ['backstage.io/v1alpha1', 'backstage.io/v1beta1']

const rule = (required: KindRule['required'], optional: KindRule['optional'], refKinds: Record<string, string> = {}, apiVersions = core): KindRule => ({
  apiVersions,
  required,
  optional,
  refKinds: { owner: 'Group', system: 'System', domain: 'Domain', ...refKinds },
  specRequired: Object.keys(required).length > 0,
})

const kindRules: Record<string, KindRule> = {
  Component: rule(
    { type: 'text', lifecycle: 'text', owner: 'ref' },
    { system: 'ref', subcomponentOf: 'ref', providesApis: 'refs', consumesApis: 'refs', dependsOn: 'refs', dependencyOf: 'refs' },
    { subcomponentOf: 'Component', providesApis: 'API', consumesApis: 'API' },
  ),
  API: rule({ type: 'text', lifecycle: 'text', owner: 'ref', definition: 'text' }, { system: 'ref', dependsOn: 'refs' }),
  Resource: rule({ type: 'text', owner: 'ref' }, { system: 'ref', dependsOn: 'refs', dependencyOf: 'refs' }),
  System: rule({ owner: 'ref' }, { domain: 'ref', type: 'text' }),
  Domain: rule({ owner: 'ref' }, { subdomainOf: 'ref', type: 'text' }, { subdomainOf: 'Domain' }),
  Group: rule({ type: 'text', children: 'refs' }, { profile: 'object', parent: 'ref', members: 'refs' }, { parent: 'Group', children: 'Group', members: 'User' }),
  User: rule({}, { profile: 'object', memberOf: 'refs' }, { memberOf: 'Group' }),
  Location: rule({}, { type: 'text', target: 'text', targets: 'texts', presence: 'text' }),
  Template: rule({ type: 'text', steps: 'list' }, { owner: 'ref', parameters: 'object', output: 'object' }, {}, ['scaffolder.backstage.io/v1beta3']),
}

const byLowerCase = new Map(Object.entries(kindRules).map(([kind, value]) => [kind.toLowerCase(), { kind, rule: value }]))

/** Kinds are compared without case; `kind` of the answer is the canonical spelling. */
export function findKindRule(kind: string): { kind: string; rule: KindRule } | undefined {
  return byLowerCase.get(kind.toLowerCase())
}

export const knownKinds = Object.keys(kindRules)
