import { type Dashboard, quantile, rateOf } from './panel.ts'

export const erp: Dashboard = {
  uid: 'chatbot-erp',
  title: 'ERP chatbot · ERP',
  description: 'How the ERP answers, what stands in for it, and how fresh our copy is',
  rows: [
    {
      title: 'Answers',
      panels: [
        {
          title: 'Answers by source',
          description: 'live: the primary; failover: the standby; copy: ours; none: no answer',
          unit: 'ops',
          queries: [[rateOf('erp_answers_total', 'source'), '{{source}}']],
        },
        {
          title: 'Calls by server and outcome',
          unit: 'reqps',
          queries: [[rateOf('erp_requests_total', 'server, outcome'), '{{server}} {{outcome}}']],
        },
        {
          title: 'Time of a call',
          unit: 's',
          queries: [
            [quantile(0.5, 'erp_request_duration_seconds', { by: 'server' }), '{{server}} half'],
            [quantile(0.95, 'erp_request_duration_seconds', { by: 'server' }), '{{server}} 19 of 20'],
          ],
        },
        {
          title: 'Breakers',
          description: '0 closed, 1 half-open, 2 open',
          unit: 'none',
          queries: [['max by (server) (erp_breaker_state)', '{{server}}']],
        },
        {
          title: 'Calls that wait for their turn',
          unit: 'none',
          queries: [['sum by (server) (erp_calls_waiting)', '{{server}}']],
        },
      ],
    },
    {
      title: 'The copy',
      panels: [
        { title: 'Lag behind the ERP', unit: 's', queries: [['max by (source) (sync_lag_seconds)', '{{source}}']] },
        {
          title: 'Changes',
          unit: 'ops',
          queries: [
            [rateOf('sync_changes_total', 'source, outcome'), '{{source}} {{outcome}}'],
            [rateOf('sync_records_total', 'source'), '{{source}} records applied'],
          ],
        },
        {
          title: 'Following broke off, changes lost, entities distrusted',
          unit: 'ops',
          queries: [
            [rateOf('sync_failures_total', 'source'), '{{source}} broke off'],
            [rateOf('sync_slot_lost_total', 'source'), '{{source}} lost'],
            [rateOf('sync_distrusted_total', 'source'), '{{source}} distrusted'],
          ],
        },
        { title: 'Records', unit: 'short', queries: [['max by (entity) (copy_records)', '{{entity}}']] },
        {
          title: 'Since the last full sync',
          unit: 'dtdurations',
          queries: [['time() - max by (entity) (copy_filled_timestamp_seconds)', '{{entity}}']],
        },
        {
          title: 'Entities that are not trusted',
          unit: 'none',
          kind: 'stat',
          queries: [['sum(max by (entity) (copy_distrusted))', 'entities']],
        },
      ],
    },
  ],
}
