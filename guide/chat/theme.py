"""The look of Gradio's own parts. Colours are names that `styles.css` defines, for light and dark alike."""

import gradio as gr

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")


def guide_theme() -> gr.themes.Base:
    """Our theme: the system's fonts and our colours; nothing is fetched."""
    colours = {
        "body_background_fill": "var(--paper)",
        "body_text_color": "var(--ink)",
        "block_background_fill": "transparent",
        "block_border_color": "transparent",
        "block_label_text_color": "var(--soft)",
        "block_title_text_color": "var(--soft)",
        "input_background_fill": "var(--sheet)",
        "input_background_fill_focus": "var(--sheet)",
        "input_border_color": "var(--edge)",
        "input_border_color_focus": "var(--deep)",
        "input_placeholder_color": "var(--soft)",
        "button_primary_background_fill": "var(--deep)",
        "button_primary_background_fill_hover": "var(--deeper)",
        "button_primary_border_color": "var(--deep)",
        "button_primary_border_color_hover": "var(--deeper)",
        "button_primary_text_color": "var(--on-deep)",
        "link_text_color": "var(--deep)",
    }
    both = colours | {f"{name}_dark": value for name, value in colours.items()}
    theme = gr.themes.Base(font=SANS, font_mono=MONO, radius_size=gr.themes.sizes.radius_lg)
    return theme.set(**both, block_border_width="0px", block_shadow="none", input_border_width="1px")
