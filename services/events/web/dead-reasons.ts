// Reasons of dead letters: the service tallies by rule ("properties/playedMs minimum") and tells each letter's in a sentence.

type DeadRule = { /** "playedMs", "id", "properties". */ field: string; /** "minimum", "required"; "" when there is none. */ rule: string }

function splitRule(reason: string): DeadRule {
  const cut = reason.lastIndexOf(' ')
  const path = cut < 0 ? reason : reason.slice(0, cut)
  return { field: path.replace(/^properties\//, '').replaceAll('/', '.'), rule: cut < 0 ? '' : reason.slice(cut + 1) }
}

/** A letter's sentence without the path and the rule that only programs need. */
export function saySentence(sentence: string): string {
  const plain = sentence.replaceAll(/(^|, )properties\//g, '$1').replace(/ \((required by [^)]+|\w+)\)\.?$/, '.')
  return /^[^ ]+, .* is missing\.$/.test(plain) ? plain.replace(/ is missing\.$/, ' are missing.') : plain
}

const words: Record<string, string> = {
  required: 'is missing', future: 'lies in the future', ancient: 'lies too far back', size: 'is too large', nesting: 'is nested too deeply', minimum: 'is too small', maximum: 'is too large', minLength: 'is too short', maxLength: 'is too long', enum: 'is none of the known values', type: 'has another type',
  format: 'is not written as it should be', additionalProperties: 'hold a field of no schema', unknown: 'is not known', pattern: 'does not match', const: 'is another value',
}

/** "playedMs is too small"; rules without words stand behind the field as they are. */
export function sayRule(reason: string): string {
  const { field, rule } = splitRule(reason)
  return `${field} ${words[rule] ?? rule}`.trim()
}
