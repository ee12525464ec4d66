import { type Dashboard, quantile, rateOf } from './panel.ts'

export const nlu: Dashboard = {
  uid: 'chatbot-nlu',
  title: 'ERP chatbot · NLU',
  description: 'The servers that read questions, and their models',
  rows: [
    {
      title: 'Models',
      panels: [
        { title: 'In use', unit: 'none', queries: [['max by (model) (nlu_model_in_use)', '{{model}}']] },
        {
          title: 'Time to read a question, by model',
          unit: 's',
          queries: [
            [quantile(0.5, 'nlu_analysis_duration_seconds', { by: 'model' }), '{{model}} half'],
            [quantile(0.99, 'nlu_analysis_duration_seconds', { by: 'model' }), '{{model}} 99 of 100'],
          ],
        },
        {
          title: 'Questions and texts being typed, read',
          unit: 'ops',
          queries: [
            [rateOf('nlu_analysis_duration_seconds_count', 'model, outcome'), '{{model}} {{outcome}}'],
            [rateOf('nlu_readings_total', 'model'), '{{model}} whole questions'],
          ],
        },
      ],
    },
    {
      title: 'Servers',
      panels: [
        {
          title: 'Wait before reading, 99 of 100',
          unit: 's',
          queries: [[quantile(0.99, 'nlu_analysis_wait_seconds'), 'wait']],
        },
        {
          title: 'Texts waiting and being read',
          unit: 'none',
          queries: [
            ['sum(nlu_analyses_waiting)', 'waiting'],
            ['sum(nlu_analyses_in_progress)', 'being read'],
          ],
        },
        {
          title: 'Not read, by reason',
          unit: 'ops',
          queries: [[rateOf('nlu_analyses_dropped_total', 'reason'), '{{reason}}']],
        },
        { title: 'Clients connected', unit: 'none', queries: [['sum(nlu_streams)', 'streams']] },
      ],
    },
    {
      title: 'As the http role sees them',
      panels: [
        { title: 'Healthy', unit: 'none', queries: [['max by (server) (nlu_server_healthy)', '{{server}}']] },
        {
          title: 'Time of a request, 99 of 100',
          unit: 's',
          queries: [[quantile(0.99, 'nlu_request_duration_seconds', { by: 'server' }), '{{server}}']],
        },
        {
          title: 'Under way and waiting',
          unit: 'none',
          queries: [
            ['sum by (server) (nlu_requests_in_flight)', '{{server}} under way'],
            ['sum(nlu_requests_waiting)', 'waiting'],
          ],
        },
        {
          title: 'Sent elsewhere, failed, given up',
          unit: 'ops',
          queries: [
            [`sum(rate(nlu_request_retries_total[$__rate_interval])) or vector(0)`, 'sent elsewhere'],
            [`sum(rate(nlu_request_failures_total[$__rate_interval])) or vector(0)`, 'failed'],
            ['sum(rate(nlu_requests_abandoned_total[$__rate_interval]))', 'given up'],
          ],
        },
      ],
    },
    {
      title: 'Training',
      panels: [
        {
          title: 'Jobs that have not ended',
          unit: 'none',
          queries: [['max by (state, step) (training_jobs)', '{{state}} {{step}}']],
        },
        {
          title: 'Waits to be taken up',
          unit: 'dtdurations',
          queries: [['max(training_queue_age_seconds)', 'oldest job']],
        },
        {
          title: 'Gate, and what was taken back',
          unit: 'none',
          queries: [
            ['sum by (outcome) (increase(training_gate_total[1d]))', '{{outcome}}'],
            ['sum by (step) (increase(training_refusals_total[1d]))', 'refused at {{step}}'],
            ['sum(increase(training_rollbacks_total[1d]))', 'rolled back'],
          ],
        },
        {
          title: 'Time of a step, half',
          unit: 's',
          needs: 'a training job',
          queries: [
            [
              'histogram_quantile(0.5, sum by (step, le) (rate(training_step_duration_seconds_bucket[1d])))',
              '{{step}}',
            ],
          ],
        },
        {
          title: 'Read otherwise by a model on trial',
          unit: 'ops',
          queries: [
            [rateOf('nlu_shadow_differences_total', 'part'), '{{part}}'],
            [rateOf('nlu_shadow_readings_total', 'outcome'), '{{outcome}}'],
          ],
        },
      ],
    },
  ],
}
