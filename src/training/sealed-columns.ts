import type { SealedColumn } from '#platform/encryption'

/** Where training keeps sealed values in the database. */
export const sealedTrainingColumns: SealedColumn[] = [
  { table: 'training_datasets', column: 'content', rowKey: 'dataset_id' },
  { table: 'training_labels', column: 'content', rowKey: 'label_id' },
  { table: 'training_labels', column: 'expected', rowKey: 'label_id' },
  { table: 'training_candidates', column: 'expected', rowKey: 'turn_id' },
]
