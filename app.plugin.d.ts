/** What an app may have to say in its native projects: docs/expo.md. */
declare namespace plugin {
  interface Options {
    /** Permits `ws:` without TLS on Android: everywhere, or to these host names and addresses. */
    cleartext?: boolean | string[];
    /** The text with which iOS asks for the local network. */
    localNetwork?: string;
    /** Android's, 21 or more. */
    minSdkVersion?: number;
  }
}
/** Expo's config plugin: takes the app's config, and gives it back with what is to be done. */
declare function plugin<Config extends object>(config: Config, options?: plugin.Options): Config;
export = plugin;
