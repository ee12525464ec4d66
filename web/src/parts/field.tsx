import { type ComponentProps, type ReactNode, useId } from 'react'
import classes from './field.module.css'

type Framed = { label: string; hint?: string; error?: string | null }

/** A labelled control with its hint and, when something is wrong, what. */
function Field({ label, hint, error, children }: Framed & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId()
  const describedBy = error ? `${id}-error` : hint ? `${id}-hint` : undefined
  return (
    <div className={classes.field}>
      <label htmlFor={id} className={classes.label}>
        {label}
      </label>
      {children({ id, 'aria-describedby': describedBy, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <p id={`${id}-error`} className={classes.error} role="alert">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className={classes.hint} aria-live="polite">
            {hint}
          </p>
        )
      )}
    </div>
  )
}

type FieldIds = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }

/** One line of text, a date or a number. */
export function TextField({ label, hint, error = null, ...rest }: Framed & Omit<ComponentProps<'input'>, 'id'>) {
  return (
    <Field label={label} error={error} {...(hint && { hint })}>
      {(ids) => <input className={classes.control} {...rest} {...ids} />}
    </Field>
  )
}

/** Several lines of text. */
export function TextArea({ label, hint, error = null, ...rest }: Framed & Omit<ComponentProps<'textarea'>, 'id'>) {
  return (
    <Field label={label} error={error} {...(hint && { hint })}>
      {(ids) => <textarea className={classes.control} rows={2} {...rest} {...ids} />}
    </Field>
  )
}

type Choice<T extends string> = { value: T; label: string }
type SelectProps<T extends string> = { label: string; value: T; choices: Choice<T>[]; onChoose: (value: T) => void }

/** One of a few. */
export function Select<T extends string>({ label, value, choices, onChoose }: SelectProps<T>) {
  return (
    <Field label={label}>
      {(ids) => (
        <select
          className={classes.control}
          value={value}
          onChange={({ target }) => {
            const chosen = choices.find((choice) => choice.value === target.value)
            if (chosen) onChoose(chosen.value)
          }}
          {...ids}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** Yes or no. */
export function Checkbox({ label, ...rest }: { label: string } & Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <label className={classes.check}>
      <input type="checkbox" {...rest} />
      <span>{label}</span>
    </label>
  )
}
