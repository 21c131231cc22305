/** What deploy/ has for Prometheus and Grafana, held to the metrics that there are. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { Metrics, metricsText } from '../../src/server/metrics/metrics.ts'

interface Alerts {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string; readonly labels: object }[]
  }[]
}

interface Dashboard {
  readonly panels: readonly {
    readonly id: number
    readonly title: string
    readonly targets?: readonly { readonly expr: string }[]
  }[]
}

const { text } = await metricsText([await new Metrics({ namesMax: 1 }).snapshot()])
const kinds = new Map(
  [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind]),
)

/** The names that a query may ask for. */
const asked = new Set<string>(['up'])
for (const [name, kind] of kinds)
  for (const suffix of kind === 'histogram' ? ['_bucket', '_count', '_sum'] : ['']) asked.add(name + suffix)

const namesIn = (expr: string): string[] =>
  [...expr.matchAll(/\b(?:lugsail|process|nodejs)_[a-z0-9_]+|\bup\b/g)].map(([name]) => name)

describe('the alerts for Prometheus', () => {
  const { groups } = parse(readFileSync('deploy/prometheus-alerts.yaml', 'utf8')) as Alerts
  const rules = groups.flatMap((group) => group.rules)

  it('ask for metrics that there are', () => {
    assert.ok(rules.length > 10)
    for (const { alert, expr } of rules) {
      assert.notEqual(namesIn(expr).length, 0, alert)
      for (const name of namesIn(expr)) assert.ok(asked.has(name), `${alert}: ${name}`)
    }
  })

  it('have names of their own, and a severity', () => {
    assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length)
    for (const { alert, labels } of rules) assert.deepEqual(Object.keys(labels), ['severity'], alert)
  })
})

describe('the dashboard for Grafana', () => {
  const { panels } = JSON.parse(readFileSync('deploy/grafana-dashboard.json', 'utf8')) as Dashboard

  it('asks for metrics that there are', () => {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
    const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))
    assert.ok(queries.length > 20)
    for (const { title, expr } of queries) {
      assert.notEqual(namesIn(expr).length, 0, title)
      for (const name of namesIn(expr)) assert.ok(asked.has(name), `${title}: ${name}`)
    }
  })

  it('shows every metric of Lugsail, or an alert watches it', () => {
    const everything =
      readFileSync('deploy/grafana-dashboard.json', 'utf8') +
      readFileSync('deploy/prometheus-alerts.yaml', 'utf8')
    const left = [...kinds.keys()].filter((name) => name.startsWith('lugsail_') && !everything.includes(name))
    assert.deepEqual(left, [])
  })
})
