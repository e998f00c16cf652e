// Lets any page open what the shell owns.
import { createContext, useContext } from 'react'

/** Finds things by a few letters; results are offered under "Go". */
export type PaletteSearch = (query: string, signal: AbortSignal) => Promise<PaletteHit[]>
export type PaletteHit = { title: string; /** "event type", "listener" */ kind: string; path: string; owner?: string; /** One sentence about it. */ says?: string }

export type ShellControls = { openPalette: () => void; openHelp: () => void }

export const ShellContext = createContext<ShellControls>({ openPalette: () => undefined, openHelp: () => undefined })

export function useShell(): ShellControls {
  return useContext(ShellContext)
}
