import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';

type Kind = 'primary' | 'secondary' | 'danger' | 'quiet';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  /** Shows that the click is being worked on. The button keeps its focus and ignores further clicks. */
  isPending?: boolean;
  children: ReactNode;
}

/** A button that acts. What leads to another page is a `LinkButton`. */
export function Button({ kind = 'secondary', isPending = false, type = 'button', onClick, children, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      className="button"
      data-kind={kind}
      aria-disabled={isPending || undefined}
      aria-busy={isPending || undefined}
      onClick={(event) => {
        if (isPending) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}

export function LinkButton({ kind = 'secondary', children, ...rest }: LinkProps & { kind?: Kind }) {
  return (
    <Link {...rest} className="button" data-kind={kind}>
      {children}
    </Link>
  );
}
