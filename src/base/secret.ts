/**
 * A value that must not be printed.
 *
 * Logging it, putting it into a string or into JSON gives `[secret]`; only `reveal()` gives the
 * value, so every place that uses one in the clear can be found by that word.
 */
import { inspect } from 'node:util'

export class Secret<T> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
