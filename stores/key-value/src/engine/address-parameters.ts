// What stands behind the "?" of an engine's address.
export type Fail = (reason: string) => never

export function refuseUnknown(parameters: URLSearchParams, known: string[], fail: Fail): void {
  for (const name of parameters.keys()) if (!known.includes(name)) fail(`it has no parameter "${name}", but ${known.join(', ')}`)
}

export function readNumber(parameters: URLSearchParams, name: string, fail: Fail): number | undefined {
  const text = parameters.get(name)
  if (text === null) return undefined
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : fail(`${name}="${text}" must be a number from 1 on`)
}

