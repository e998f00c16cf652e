// How the errors of a decision are shared out over its metrics (M. Schultzberg, S. Ankargren, M. Frånberg,
// "Risk-aware product decisions in A/B tests with multiple metrics", 2024).

export type ErrorBudget = { alphaSuccess: number; alphaGuardrail: number; powerPerMetric: number }

/**
 * Any success decides, so each of them pays for all; every guardrail must hold, so none pays for another; and because all must hold
 * together, each metric needs more power: 1 − β / (guardrails + 1).
 */
export function computeErrorBudget(input: { alpha: number; power: number; comparisons: number; successMetrics: number; guardrailsWithMargin: number }): ErrorBudget {
  return {
    alphaSuccess: input.alpha / (input.comparisons * Math.max(1, input.successMetrics)),
    alphaGuardrail: input.alpha / input.comparisons,
    powerPerMetric: 1 - (1 - input.power) / (input.guardrailsWithMargin + 1),
  }
}
