import { type Dashboard, quantile, rateOf } from './panel.ts'

const ofService = 'job="erp-chatbot"'

export const overview: Dashboard = {
  uid: 'chatbot-overview',
  title: 'ERP chatbot · Overview',
  description: 'Are people answered, how fast, and what does it take of the machines',
  rows: [
    {
      title: 'People',
      panels: [
        { title: 'Questions by answer', unit: 'ops', queries: [[rateOf('chat_answers_total', 'kind'), '{{kind}}']] },
        {
          title: 'Time to answer',
          unit: 's',
          queries: [
            [quantile(0.5, 'chat_step_duration_seconds', { where: 'step="total"' }), 'half'],
            [quantile(0.95, 'chat_step_duration_seconds', { where: 'step="total"' }), '19 of 20'],
          ],
        },
        {
          title: 'Failed answers, and what the objective allows',
          unit: 'percentunit',
          queries: [
            ['job:answer_errors:ratio_rate1h', '1 h'],
            ['job:answer_errors:ratio_rate3d', '3 d'],
            ['vector(0.005)', 'objective'],
          ],
        },
        {
          title: 'Alerts that fire',
          unit: 'none',
          kind: 'stat',
          queries: [['count(ALERTS{alertstate="firing"}) or vector(0)', 'alerts']],
        },
        { title: 'WebSockets open', unit: 'none', queries: [['sum(websocket_connections)', 'open']] },
        {
          title: 'Processes up',
          unit: 'none',
          kind: 'stat',
          queries: [[`sum by (role) (up{${ofService}})`, '{{role}}']],
        },
      ],
    },
    {
      title: 'HTTP',
      panels: [
        {
          title: 'Calls by route',
          unit: 'reqps',
          queries: [[rateOf('http_request_duration_seconds_count', 'route'), '{{route}}']],
        },
        {
          title: 'Time by route, 19 of 20',
          unit: 's',
          queries: [[quantile(0.95, 'http_request_duration_seconds', { by: 'route' }), '{{route}}']],
        },
        { title: 'Errors by code', unit: 'ops', queries: [[rateOf('http_errors_total', 'code'), '{{code}}']] },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          title: 'CPU',
          unit: 'percentunit',
          queries: [[`sum by (role) (rate(process_cpu_seconds_total{${ofService}}[$__rate_interval]))`, '{{role}}']],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          queries: [
            [`sum by (role) (process_resident_memory_bytes{${ofService}})`, '{{role}}'],
            [`sum by (role) (nodejs_heap_size_used_bytes{${ofService}})`, '{{role}} heap'],
          ],
        },
        {
          title: 'Event loop lag, 99 of 100',
          unit: 's',
          queries: [[`max by (role) (nodejs_eventloop_lag_p99_seconds{${ofService}})`, '{{role}}']],
        },
        {
          title: 'Garbage collection, share of time',
          unit: 'percentunit',
          queries: [[rateOf('nodejs_gc_duration_seconds_sum', 'role, kind'), '{{role}} {{kind}}']],
        },
        {
          title: 'Database connections',
          unit: 'none',
          queries: [
            ['sum by (role, state) (database_connections)', '{{role}} {{state}}'],
            ['sum by (role) (database_connections_waited_for)', '{{role}} waited for'],
            ['sum by (role) (database_connections_limit)', '{{role}} limit'],
          ],
        },
        {
          title: 'Found in caches',
          unit: 'percentunit',
          queries: [
            [
              `${rateOf('cache_lookups_total', 'cache', 'outcome="hit"')} / (${rateOf('cache_lookups_total', 'cache')} > 0)`,
              '{{cache}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'Machines',
      panels: [
        {
          title: 'CPU',
          unit: 'percentunit',
          queries: [
            ['1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))', '{{instance}}'],
          ],
        },
        {
          title: 'Memory available',
          unit: 'percentunit',
          queries: [['node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', '{{instance}}']],
        },
        {
          title: 'Disks, free',
          unit: 'percentunit',
          queries: [
            ['min by (instance, folder) (disk_free_bytes / disk_size_bytes)', '{{instance}} {{folder}}'],
            [
              'min by (instance, mountpoint) (node_filesystem_avail_bytes{fstype!~"tmpfs|squashfs"} / node_filesystem_size_bytes)',
              '{{instance}} {{mountpoint}}',
            ],
          ],
        },
      ],
    },
  ],
}
