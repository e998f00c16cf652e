// Relations as a picture, around one thing or of everything; what is too much is folded or counted, never a tangle.
import { catalogContract } from '@rondo/catalog/contract'
import { EmptyState, LineageGraph, Loaded, useRoute, Views } from '@rondo/ui'
import { families, sayGraph, sayNode, toAlikePath, toGraphEdge } from './graph-words.ts'
import { findKindIcon } from './kind-icon.tsx'
import styles from './catalog.module.css'

export type RelationGraphProps = {
  /** In the middle. */
  focus?: string
  title?: string
  depth: number
  onDepth: (depth: number) => void
  shown: readonly string[]
  onShown: (families: string[]) => void
  /** A thing was chosen; several that are alike lead to their list. */
  onChoose: (ref: string) => void
  onOpenList: (path: string) => void
}

const depths = [1, 2, 3].map((depth) => ({ id: String(depth), label: depth === 1 ? '1 step' : `${depth} steps` }))

export function RelationGraph({ focus, title, depth, onDepth, shown, onShown, onChoose, onOpenList }: RelationGraphProps) {
  const graph = useRoute(catalogContract, 'graph', { ...(focus === undefined ? {} : { ref: focus, depth }), relations: shown.join(',') }, { refetchMs: 15_000, enabled: shown.length > 0 })
  const toggle = (id: string): void => onShown(shown.includes(id) ? shown.filter((one) => one !== id) : [...shown, id])
  return (
    <>
      <div className={styles.graphBar}>
        {families.map(({ id, label, line }) => (
          <button key={id} type="button" aria-pressed={shown.includes(id)} className={styles.family} onClick={() => toggle(id)}>
            <svg width="18" height="8" aria-hidden="true"><path d="M0 4h18" stroke="currentColor" strokeWidth="1.5" strokeDasharray={line === 'solid' ? undefined : line === 'dashed' ? '5 4' : '1.5 3.5'} /></svg>{label}
          </button>
        ))}
        {focus !== undefined && <Views label="How far" items={depths} current={String(depth)} onChoose={(id) => onDepth(Number(id))} />}
      </div>
      {shown.length === 0 ? <EmptyState title="No relation is chosen.">Choose what the lines should mean.</EmptyState> : (
        <Loaded of={graph} what="Could not read the relations" lines={10}>
          {(found) => (found.nodes.length < 2 ? <EmptyState title={title === undefined ? 'Nothing stands in such a relation.' : `${title} stands in no such relation.`}>Choose other relations, or name some in a catalog-info.yaml: dependsOn, providesApis, system.</EmptyState> : (
            <>
              <LineageGraph
                nodes={found.nodes.map((node) => ({ id: node.id, name: node.title, detail: sayNode(node), icon: findKindIcon(node), isMany: node.count > 1, ...(node.known || node.type === 'owner' ? (node.state === null ? {} : { state: node.state }) : { state: 'warned' as const }) }))}
                edges={found.edges.map(toGraphEdge)}
                {...(found.focus === null ? {} : { focus: found.focus })}
                finding={sayGraph(found, title)}
                onOpen={(id) => {
                  const node = found.nodes.find((one) => one.id === id)
                  if (node?.known !== true) return
                  if (node.names.length > 0) onOpenList(toAlikePath(node))
                  else onChoose(id)
                }}
              />
              <p className="quiet small">{sayGraph(found, title)}</p>
            </>
          ))}
        </Loaded>
      )}
    </>
  )
}
