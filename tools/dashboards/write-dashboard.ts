import type { Dashboard, Panel } from './panel.ts'

const datasource = { type: 'prometheus', uid: 'prometheus' }
const columns = 24
const width = 8
const height = 8

/** Grafana's JSON (schema 39, Grafana 10 and later): three panels a row of the screen, below the row's title. */
export function writeDashboard({ uid, title, description, rows }: Dashboard): object {
  let y = 0
  let id = 0
  const panels: object[] = []
  for (const row of rows) {
    panels.push({
      id: ++id,
      type: 'row',
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: 24, h: 1 },
    })
    y += 1
    row.panels.forEach((panel, index) => {
      const x = (index * width) % columns
      if (index > 0 && x === 0) y += height
      panels.push({ id: ++id, ...writePanel(panel), gridPos: { x, y, w: width, h: height } })
    })
    y += height
  }
  return {
    uid,
    title,
    description,
    tags: ['erp-chatbot'],
    timezone: 'Asia/Seoul',
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [] },
    annotations: { list: [] },
    links: [{ type: 'dashboards', tags: ['erp-chatbot'], title: 'ERP chatbot', asDropdown: true, keepTime: true }],
    panels,
  }
}

function writePanel({ title, description, unit, kind = 'timeseries', queries, needs, isSigned }: Panel): object {
  const notes = [description, needs && `Shows data once there is: ${needs}`].filter(Boolean)
  return {
    type: kind,
    title,
    ...(notes.length > 0 && { description: notes.join('. ') }),
    datasource,
    fieldConfig: {
      defaults: { unit, ...(!isSigned && { min: 0 }), ...(kind === 'timeseries' && { custom: { fillOpacity: 8 } }) },
      overrides: [],
    },
    options:
      kind === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'none' }
        : {
            legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
            tooltip: { mode: 'multi', sort: 'desc' },
          },
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr,
      legendFormat,
      ...(kind === 'stat' && { instant: true }),
    })),
  }
}
