"""Sphinx, with the Markdown of MyST and the theme Furo. build.sh copies this beside the pages."""

project = "pqrtc"
copyright = "MIT or Apache-2.0"
html_title = "pqrtc"
extensions = ["myst_parser", "sphinx_copybutton"]
myst_heading_anchors = 4  # named as the forge names them
myst_enable_extensions = ["attrs_inline", "colon_fence"]
highlight_language = "text"
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["style.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "navigation_with_keys": True,
    "light_css_variables": {"color-brand-primary": "#3f51b5", "color-brand-content": "#3f51b5"},
    "dark_css_variables": {"color-brand-primary": "#9fa8ff", "color-brand-content": "#9fa8ff"},
}
pygments_style, pygments_dark_style = "friendly", "github-dark"
copybutton_exclude = ".linenos, .gp"
