// What a person can do on a page, as data: header buttons, keys and the palette all read this one list.
import { createContext, useContext, useEffect, useMemo, useRef, useSyncExternalStore, type ReactNode } from 'react'

export type Action = {
  id: string
  /** A verb with its object: "Replay 1,204 dead letters". */
  label: string
  /** One sentence, set in serif beside the palette's list. */
  says?: string
  /** A single key that runs it while nothing is being typed, for instance "c". */
  key?: string
  /** The command line that does the same, for "copy as command". */
  command?: string
  run: () => void
}

const none: Action[] = []

type Store = { get: () => Action[]; subscribe: (listener: () => void) => () => void; set: (owner: symbol, actions: Action[] | undefined) => void }

export function createActionStore(): Store {
  const owners = new Map<symbol, Action[]>()
  const listeners = new Set<() => void>()
  let all: Action[] = []
  return {
    get: () => all,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    set(owner, actions) {
      if (actions === undefined) owners.delete(owner)
      else owners.set(owner, actions)
      all = [...owners.values()].flat()
      for (const listener of listeners) listener()
    },
  }
}

const silent: Store = { get: () => none, subscribe: () => () => undefined, set: () => undefined }
const ActionContext = createContext<Store>(silent)

export function ActionProvider({ children }: { children: ReactNode }) {
  const store = useMemo(createActionStore, [])
  return <ActionContext value={store}>{children}</ActionContext>
}

/** Offers these actions while the calling component is mounted. */
export function useActions(actions: Action[]): void {
  const store = useContext(ActionContext)
  const owner = useRef(Symbol('actions'))
  const shape = actions.map((action) => `${action.id} ${action.label} ${action.key ?? ''}`).join('\n')
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    const id = owner.current
    const current = (wanted: string): Action | undefined => latest.current.find((action) => action.id === wanted)
    store.set(id, latest.current.map((action) => ({ ...action, run: () => current(action.id)?.run() })))
    return () => store.set(id, undefined)
  }, [store, shape])
}

/** Everything that can be done right now. */
export function useOfferedActions(): Action[] {
  const store = useContext(ActionContext)
  return useSyncExternalStore(store.subscribe, store.get)
}
