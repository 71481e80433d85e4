//! Files in a form's fields.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::{Desktop, input, quoted};

impl Desktop {
    /// Chooses a file of this computer for a field.
    ///
    /// # Errors
    /// If the field takes none.
    pub async fn attach(&self, field: &str, file: &Path) -> anyhow::Result<()> {
        let path = file.to_str().context("a path in words")?;
        self.find(&input(field)).await?.send_keys(path).await?;
        Ok(())
    }

    /// Brings something into the middle of the window.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn show(&self, css: &str) -> anyhow::Result<()> {
        self.find(css).await?;
        let scroll = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' });";
        self.client.execute(scroll, vec![css.into()]).await?;
        Ok(())
    }

    /// Drops a picture of this name from another program. The page hears what it would hear then.
    ///
    /// # Errors
    /// If there is nothing to drop it on.
    pub async fn drop_picture(&self, css: &str, name: &str) -> anyhow::Result<()> {
        const DROP: &str = "const [css, name, done] = arguments;
            const canvas = document.createElement('canvas');
            canvas.width = canvas.height = 64;
            canvas.getContext('2d').fillRect(8, 8, 48, 48);
            canvas.toBlob((blob) => {
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([blob], name, { type: 'image/png' }));
                const on = document.querySelector(css);
                for (const kind of ['dragenter', 'dragover', 'drop'])
                    on.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
                done();
            }, 'image/png');";
        self.find(css).await?;
        self.client.execute_async(DROP, vec![css.into(), name.into()]).await?;
        Ok(())
    }

    /// Waits until a field shows a small picture of this file.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_picture(&self, field: &str, name: &str) -> anyhow::Result<()> {
        let card = format!("[data-file={field}] [data-kept={}]", quoted(name));
        self.wait(&format!("{field} to show a picture"), async || {
            let look = "return document.querySelector(arguments[0]).naturalWidth > 0;";
            let drawn = self.client.execute(look, vec![format!("{card} img").into()]).await?;
            Ok((drawn == true).then_some(()))
        })
        .await
    }

    /// Saves a copy of a file that a field has; gives where it is.
    ///
    /// # Errors
    /// If there is none.
    pub async fn save_copy(&self, name: &str) -> anyhow::Result<PathBuf> {
        self.press(&format!("[data-save-copy={}]", quoted(name))).await?;
        let path = self.directory().join("downloads").join(name);
        self.expect_notice(&format!("Saved as {}", path.display())).await?;
        ensure!(path.is_file(), "{} is not there", path.display());
        Ok(path)
    }
}
