package farslot.cli.about;

/** What shells read to complete lines: functions that ask the program itself. */
final class Shells {
  static final String BASH =
      """
      # Completion of farslot for bash:  source <(farslot completion bash)
      _farslot() {
        local line
        COMPREPLY=()
        while IFS= read -r line; do
          if [[ $line == :files ]]; then
            compopt -o default 2>/dev/null
            COMPREPLY=()
            return
          fi
          COMPREPLY+=("${line%%$'\\t'*}")
        done < <("${COMP_WORDS[0]}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
      }
      complete -F _farslot farslot ./farslot
      """;

  static final String ZSH =
      """
      #compdef farslot
      # Completion of farslot for zsh:  farslot completion zsh >"${fpath[1]}/_farslot"
      _farslot() {
        local line
        local -a found
        while IFS= read -r line; do
          if [[ $line == :files ]]; then
            _files
            return
          fi
          line=${line//:/\\\\:}
          found+=("${line/$'\\t'/:}")
        done < <("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
        _describe farslot found
      }
      if [[ ${funcstack[1]} == _farslot ]]; then
        _farslot "$@"
      else
        compdef _farslot farslot
      fi
      """;

  private Shells() {}
}
