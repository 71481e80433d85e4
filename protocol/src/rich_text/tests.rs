use super::*;
use proptest::prelude::*;

#[test]
fn what_the_editor_makes_stays() {
    for text in [
        "<h2>One</h2><p>two <b>three</b></p><ul><li>four</li><li>five <i>six</i></li></ul>",
        "one <b>two</b>",
        "<p><br></p><p>a</p>",
        "<blockquote>a<br>b</blockquote>",
        "<ol><li>a</li><ul><li>b</li></ul></ol>",
        "<p>a &amp; b &lt; c&nbsp;d</p>",
        "<pre>a\n  b</pre>",
        "<table><tr><th>a</th><td></td></tr><tr><td>b<br>c</td><td><b>d</b></td></tr></table><p>e</p>",
        "<blockquote><table><tr><td>a</td></tr></table></blockquote>",
        "<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer\">x</a></p>",
    ] {
        assert_eq!(normalized(text), text);
    }
}

#[test]
fn every_element_has_a_fate_that_parts_words() {
    for (from, to) in [
        (
            "<table><tbody><tr><td>Bolts</td><td>12</td></tr><tr><td>Nuts</td><td>34</td></tr></tbody></table>",
            "<table><tr><td>Bolts</td><td>12</td></tr><tr><td>Nuts</td><td>34</td></tr></table>",
        ),
        (
            "<ul><li>a<table><tr><td>b</td><td>c</td></tr><tr><td>d</td></tr></table></li><li>e</li></ul>",
            "<ul><li>a<br>b | c<br>d</li><li>e</li></ul>",
        ),
        (
            "<table><caption>a</caption> <thead><tr><th>b<th><p>c</p><p>d</p></thead>\n<tr><td><ul><li>e<li>f</ul></table>g",
            "<table><tr><td>a</td></tr><tr><th>b</th><th>c<br>d</th></tr><tr><td>e<br>f</td></tr></table>g",
        ),
        (
            "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table>d</td><td>e</td></tr></table>",
            "<table><tr><td>a<br>b | c<br>d</td><td>e</td></tr></table>",
        ),
        (
            "<table></table><table><tr></tr></table>a<tr><td>b<td>c</tr>",
            "a<p>b | c</p>",
        ),
        ("<h1>A</h1><h4>B</h4>c", "<h2>A</h2><h3>B</h3>c"),
        ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p>c"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<p>a</p><p>b</p>"),
        ("<section>a</section><address>b</address>", "<p>a</p><p>b</p>"),
        ("<b><p>a</p><p>b</p></b>", "<p><b>a</b></p><p><b>b</b></p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b><i>c</i>"),
        ("<li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul>a</ul>", "<ul><li>a</li></ul>"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li>a<br>b</li></ul>"),
        ("<a href=\"javascript:x\">a</a>", "a"),
        ("<script>alert(1)</script><p onclick=x>a</p>", "<p>a</p>"),
        ("<style>p{}</style><!-- no --><o:p>a</o:p><img src=x>", "a"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<p>a</p>\n  <p>b</p>\n", "<p>a</p><p>b</p>"),
    ] {
        assert_eq!(normalized(from), to, "{from}");
    }
}

#[test]
fn words_are_found_whole() {
    assert_eq!(plain_text("<p><b>B</b>olts</p><p>12</p>"), "Bolts 12");
    assert_eq!(plain_text("a<br>b&amp;c"), "a b&c");
    assert_eq!(from_plain("a <b>\n\nc"), "<p>a &lt;b&gt;</p><p>c</p>");
}

proptest! {
    #[test]
    fn once_is_enough(html in "(<(p|div|b|i|a href=\"http://x\"|ul|li|td|tr|table|th|caption|dl|h1|br|blockquote|pre|/p|/div|/b|/i|/a|/ul|/li|/td|/tr|/table|/th|/h1|/blockquote|/pre)>|[ab <>&;\n]|&amp;){0,24}") {
        let once = normalized(&html);
        prop_assert_eq!(normalized(&once), once);
    }

    #[test]
    fn no_text_is_too_strange(html in any::<String>()) {
        let words = plain_text(&html);
        prop_assert!(normalized(&html).len() <= 8 * html.len() + 64 && words.len() <= 2 * html.len());
    }
}

#[test]
fn deep_and_long_input_costs_no_more_than_its_length() {
    for piece in [
        "<div>",
        "<b>",
        "<a href=http://x>",
        "<ul>",
        "<blockquote>",
        "<font color=a>",
        "<",
        "&",
        "<svg>",
        "<p><i>x",
    ] {
        let html = piece.repeat(160 * 1024 / piece.len());
        assert!(normalized(&html).len() < 8 * 160 * 1024, "{piece}");
    }
}
