// Keeps the letters that somebody types between opening the palette and its input being there.
import { useLayoutEffect, useMemo } from 'react'

export type TypedAhead = {
  /** What was typed so far; from now on the input hears the keys itself. */
  take: () => string
}

/** Listens only while `isOpening` and until `take` is called. */
export function useTypedAhead(isOpening: boolean): TypedAhead {
  const ahead = useMemo(createAhead, [])
  useLayoutEffect(() => {
    if (!isOpening) return undefined
    ahead.begin()
    return ahead.end
  }, [ahead, isOpening])
  return ahead
}

function createAhead(): TypedAhead & { begin: () => void; end: () => void } {
  let text = ''
  const listen = (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey) return
    const next = appendKey(text, event.key)
    if (next === undefined) return
    text = next
    event.preventDefault()
    event.stopPropagation()
  }
  const end = (): void => document.removeEventListener('keydown', listen, true)
  return {
    begin() {
      text = ''
      document.addEventListener('keydown', listen, true)
    },
    end,
    take() {
      end()
      return text
    },
  }
}

/** The text after one more key; undefined for keys that write nothing. */
export function appendKey(text: string, key: string): string | undefined {
  if (key === 'Backspace') return text.slice(0, -1)
  return Array.from(key).length === 1 ? text + key : undefined
}
