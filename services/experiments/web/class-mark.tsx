// A learning class as its little square, the same in legend, chart and tag.
import type { LearningClass } from '../src/contract.ts'
import { learningClasses } from './learning-model.ts'

export function ClassMark({ id }: { id: LearningClass }) {
  const fill = learningClasses.find((one) => one.id === id)?.fill ?? 'hatch'
  const background = fill === 'hatch' ? 'repeating-linear-gradient(45deg, var(--line-2) 0 2px, transparent 2px 4px)' : fill
  return <i aria-hidden="true" style={{ display: 'inline-block', flex: 'none', width: 11, height: 11, borderRadius: 2, marginRight: 9, background }} />
}
