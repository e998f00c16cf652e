// Prometheus text (or OpenMetrics when asked for): the host's own families and those of every room.
import type { Metric } from '@rondo/contract'
import { Counter, Gauge, Histogram, collectDefaultMetrics, Registry, type RegistryContentType } from 'prom-client'

export type HostMetrics = {
  observe(route: string, method: string, status: number, seconds: number): void
  scrape(accept: string | undefined): Promise<{ contentType: string; text: string }>
}

export function createHostMetrics(rooms: () => Metric[]): HostMetrics {
  const prometheus = new Registry()
  const openMetrics = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>()
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  const registers: Registry[] = [prometheus, openMetrics as Registry<RegistryContentType> as Registry]
  collectDefaultMetrics({ register: prometheus })
  const requests = new Counter({ name: 'rondo_http_requests_total', help: 'Requests answered, by route, method and status.', labelNames: ['route', 'method', 'status'], registers })
  const durations = new Histogram({
    name: 'rondo_http_request_duration_seconds',
    help: 'Time from the whole request to the answer.',
    labelNames: ['route', 'method'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  const families = new Map<string, Counter | Gauge>()
  return {
    observe(route, method, status, seconds) {
      requests.inc({ route, method, status })
      durations.observe({ route, method }, seconds)
    },
    async scrape(accept) {
      for (const metric of rooms()) setFamily(families, metric, registers)
      const register = accept?.includes('application/openmetrics-text') === true ? openMetrics : prometheus
      return { contentType: register.contentType, text: await register.metrics() }
    },
  }
}

function setFamily(families: Map<string, Counter | Gauge>, metric: Metric, registers: Registry[]): void {
  let family = families.get(metric.name)
  if (family === undefined) {
    const labelNames = [...new Set(metric.samples.flatMap((sample) => Object.keys(sample.labels ?? {})))]
    const options = { name: metric.name, help: metric.help, labelNames, registers }
    family = metric.type === 'counter' ? new Counter(options) : new Gauge(options)
    families.set(metric.name, family)
  }
  family.reset()
  for (const sample of metric.samples) family.inc(sample.labels ?? {}, sample.value)
}
