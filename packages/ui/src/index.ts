export { AppShell, type AppShellProps } from './AppShell';
export { Button, type ButtonProps, type ButtonVariant } from './Button';
