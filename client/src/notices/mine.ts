import * as api from "../api/settings.ts";
import { Cell } from "../sync/cell.ts";
import { chooseLanguage, LANGUAGE_CHOICES, languageChoice } from "../ui/i18n/choice.ts";
import { setTheme, theme } from "../ui/theme.ts";

type Preferences = api.Preferences;

/** How this person wants their desk. Kept on the server, so that another browser looks and rings the same. */
export class Mine {
  readonly at = new Cell<Preferences | null>(null);
  private readonly ends: (() => void)[] = [];
  private applying = false;
  private started = false;

  async start(): Promise<void> {
    if (this.started) return;
    this.started = true;
    const answer = await api.preferences().catch(() => null);
    if (!answer) return;
    this.at.set(answer.preferences);
    // who never said anything keeps what this browser has
    if (answer.kept) await this.apply(answer.preferences);
    const follow = () => this.follow();
    this.ends.push(theme.subscribe(follow), languageChoice.subscribe(follow));
  }

  stop(): void {
    for (const end of this.ends) end();
  }

  /** Does the next case of the list open once something was sent? Until this person's own wish is known: as for a new
   *  colleague. */
  get sendsNext(): boolean {
    return this.at.get()?.send_next ?? true;
  }

  /** It holds at once; raises `Refused` when it could not be kept, and then it is as it was. */
  async sendNext(on: boolean): Promise<void> {
    const before = this.at.get();
    if (!before) return;
    const wanted = { ...before, theme: theme.get(), language: languageChoice.get(), send_next: on };
    this.at.set(wanted);
    try {
      await this.keep(wanted);
    } catch (error) {
      this.at.update((now) => now && { ...now, send_next: before.send_next });
      throw error;
    }
  }

  /** Keep other wishes; raises `Refused`. */
  async keep(wanted: Preferences): Promise<void> {
    const { preferences } = await api.keepPreferences(wanted);
    this.at.set(preferences);
  }

  private async apply({ theme: wanted, language }: Preferences): Promise<void> {
    this.applying = true;
    setTheme(wanted);
    await chooseLanguage(LANGUAGE_CHOICES.find((choice) => choice === language) ?? "system");
    this.applying = false;
  }

  /** Theme or language was chosen here: the other browsers follow when they are opened next. */
  private follow(): void {
    const now = this.at.get();
    if (this.applying || !now) return;
    const wanted = { ...now, theme: theme.get(), language: languageChoice.get() };
    // it holds on this screen whether or not it could be kept
    void this.keep(wanted).catch(() => undefined);
  }
}
