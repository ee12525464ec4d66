import { type Dashboard, quantile, rateOf } from './panel.ts'

export const chatQuality: Dashboard = {
  uid: 'chatbot-chat-quality',
  title: 'ERP chatbot · Chat quality',
  description: 'What becomes of questions, how surely they are read, and what is unusual for its hour',
  rows: [
    {
      title: 'Answers',
      panels: [
        {
          title: 'Share of answers by kind',
          unit: 'percentunit',
          queries: [
            [
              `${rateOf('chat_answers_total', 'kind')} / on () group_left () (sum(rate(chat_answers_total[$__rate_interval])) > 0)`,
              '{{kind}}',
            ],
          ],
        },
        {
          title: 'Why questions failed',
          unit: 'ops',
          queries: [[`${rateOf('chat_failures_total', 'code')} or on () vector(0)`, '{{code}}']],
        },
        {
          title: 'Time by step, 19 of 20',
          unit: 's',
          queries: [[quantile(0.95, 'chat_step_duration_seconds', { by: 'step' }), '{{step}}']],
        },
      ],
    },
    {
      title: 'Reading',
      panels: [
        {
          title: 'Share of readings by intent',
          unit: 'percentunit',
          queries: [
            [
              `${rateOf('nlu_readings_total', 'intent')} / on () group_left () (sum(rate(nlu_readings_total[$__rate_interval])) > 0)`,
              '{{intent}}',
            ],
          ],
        },
        {
          title: 'Out of scope and asked back, by model',
          unit: 'percentunit',
          queries: [['intent:readings:ratio_rate30m{intent=~"out_of_scope|clarify"}', '{{model}} {{intent}}']],
        },
        {
          title: 'Confidence by model',
          description: 'It is calibrated: the mean is the share of readings that one may expect to be right',
          unit: 'percentunit',
          queries: [
            ['model:reading_confidence:mean30m', '{{model}} mean'],
            [quantile(0.1, 'nlu_reading_confidence_ratio', { by: 'model' }), '{{model}} least sure tenth'],
          ],
        },
        {
          title: 'Accuracy by evaluation',
          unit: 'percentunit',
          queries: [['max by (model, set) (nlu_model_accuracy_ratio)', '{{model}} {{set}}']],
          needs: 'an evaluation',
        },
        {
          title: 'Answers that people called good',
          unit: 'percentunit',
          queries: [['model:feedback_good:ratio_rate1d', '{{model}}']],
          needs: 'verdicts of people',
        },
      ],
    },
    {
      title: 'Unusual for its hour',
      panels: [
        {
          title: 'Questions an hour, and at this hour of past days',
          unit: 'none',
          queries: [
            ['anomaly:signal{signal="questions"}', 'now'],
            ['anomaly:past:median{signal="questions"}', 'median of past days'],
          ],
        },
        {
          title: 'Deviations from past days',
          description: 'More than 5 either way is unusual',
          unit: 'none',
          isSigned: true,
          queries: [['anomaly:score', '{{signal}}']],
          needs: 'days of samples',
        },
      ],
    },
  ],
}
