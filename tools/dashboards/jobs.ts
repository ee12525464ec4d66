import { type Dashboard, quantile, rateOf } from './panel.ts'

export const jobs: Dashboard = {
  uid: 'chatbot-jobs',
  title: 'ERP chatbot · Jobs',
  description: 'Queues and what runs in the background',
  rows: [
    {
      title: 'Queues',
      panels: [
        {
          title: 'Messages',
          unit: 'none',
          queries: [['max by (queue, state) (queue_messages)', '{{queue}} {{state}}']],
        },
        {
          title: 'Oldest message',
          unit: 'dtdurations',
          queries: [['max by (queue) (queue_oldest_message_seconds)', '{{queue}}']],
        },
        {
          title: 'Published and handled',
          unit: 'ops',
          queries: [
            [rateOf('queue_published_total', 'topic'), '{{topic}} published'],
            [rateOf('queue_consumed_total', 'queue, outcome'), '{{queue}} {{outcome}}'],
          ],
        },
        {
          title: 'Time of handlers, 19 of 20',
          unit: 's',
          queries: [[quantile(0.95, 'queue_handling_duration_seconds', { by: 'queue' }), '{{queue}}']],
        },
      ],
    },
    {
      title: 'Mail',
      panels: [
        {
          title: 'Attempts by outcome',
          unit: 'ops',
          queries: [[rateOf('mail_messages_total', 'outcome'), '{{outcome}}']],
        },
        {
          title: 'Time to send, 19 of 20',
          unit: 's',
          queries: [[quantile(0.95, 'mail_send_duration_seconds'), 'time']],
        },
        {
          title: 'What the provider reports',
          unit: 'ops',
          queries: [[rateOf('mail_events_total', 'kind'), '{{kind}}']],
        },
        {
          title: 'Held up by its configuration',
          unit: 'none',
          kind: 'stat',
          queries: [['max(mail_blocked)', 'blocked']],
        },
      ],
    },
    {
      title: 'Push',
      panels: [
        {
          title: 'Messages by outcome',
          unit: 'ops',
          queries: [[rateOf('push_messages_total', 'outcome'), '{{outcome}}']],
        },
        {
          title: 'Tried again, sessions ended',
          unit: 'ops',
          queries: [
            ['sum(rate(push_retries_total[$__rate_interval])) or vector(0)', 'tried again'],
            [rateOf('push_sessions_ended_total', 'reason'), 'session {{reason}}'],
          ],
        },
        {
          title: 'Held up by its configuration',
          unit: 'none',
          kind: 'stat',
          queries: [['max(push_blocked)', 'blocked']],
        },
      ],
    },
    {
      title: 'Logs and what we depend on',
      panels: [
        {
          title: 'Lines kept and lost',
          unit: 'ops',
          queries: [
            [rateOf('log_lines_kept_total', 'output'), '{{output}} kept'],
            [rateOf('log_lines_dropped_total', 'output, reason'), '{{output}} {{reason}}'],
          ],
          needs: 'shipping of logs',
        },
        {
          title: 'Lines that wait for the log store',
          unit: 'none',
          queries: [['sum by (role) (log_queue_lines)', '{{role}}']],
          needs: 'shipping of logs',
        },
        {
          title: 'What we depend on',
          description: '1 answers, 0.5 in part, 0 does not',
          unit: 'none',
          queries: [['min by (dependency) (dependency_up)', '{{dependency}}']],
          needs: 'shipping of logs',
        },
      ],
    },
    {
      title: 'Following the ERP',
      panels: [
        {
          title: 'From a batch of changes to its commit, 19 of 20',
          unit: 's',
          queries: [[quantile(0.95, 'sync_apply_duration_seconds', { by: 'source' }), '{{source}}']],
        },
        {
          title: 'Records applied',
          unit: 'ops',
          queries: [[rateOf('sync_records_total', 'source'), '{{source}}']],
        },
        {
          title: 'Oldest full sync of an entity',
          unit: 'dtdurations',
          kind: 'stat',
          queries: [['max(time() - copy_filled_timestamp_seconds)', 'oldest']],
        },
      ],
    },
  ],
}
